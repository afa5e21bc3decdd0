-- Browsing by a rare brand or attribute alone would go through all products in the order of popularity.
create index documents_by_brand on search.documents (brand) where is_on_sale;
create index documents_by_attribute on search.documents using gin (attributes) where is_on_sale;
