-- What is searched: a row a product, with what finding and ordering need beside its words. Not exposed to the API: functions
-- come here through definer functions.

create schema search;
comment on schema search is 'Finding products. Not exposed to the API.';
grant usage on schema search to anon, authenticated, service_role;

create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;
create extension if not exists fuzzystrmatch with schema extensions;

-- Words as they are compared: without accents and case, letters and digits only. Immutable, as the dictionary is named.
create function search.fold(p_text text) returns text
language plpgsql
immutable strict parallel safe
set search_path = ''
as $$
begin
  return btrim(regexp_replace(lower(extensions.unaccent('extensions.unaccent'::regdictionary, replace(p_text, '''', ''))),
    '[^a-z0-9]+', ' ', 'g'));
end;
$$;
revoke execute on function search.fold(text) from public;
grant execute on function search.fold(text) to service_role;
comment on function search.fold(text) is 'A text as its words are compared.';

create table search.documents (
  product_id uuid primary key references public.products (id) on delete cascade,
  vendor_id uuid not null,
  category_id uuid not null,
  -- The category and those above it.
  category_ids uuid[] not null,
  name text not null,
  -- Of the name alone, and of all: name (A), brand, category and attributes (B), description (C).
  name_words tsvector not null,
  words tsvector not null,
  brand text,
  attributes text[] not null,
  price numeric(10, 2) not null,
  season_months smallint[] not null,
  is_on_sale boolean not null,
  is_scarce boolean not null,
  expires_at timestamptz,
  listed_at timestamptz not null,
  popularity real not null default 0
);
create index documents_by_words on search.documents using gin (words) where is_on_sale;
create index documents_by_name_words on search.documents using gin (name_words) where is_on_sale;
create index documents_by_popularity on search.documents (popularity desc, product_id) where is_on_sale;
create index documents_by_category on search.documents using gin (category_ids) where is_on_sale;
create index documents_by_vendor on search.documents (vendor_id);
comment on table search.documents is 'Products as they are searched, kept by triggers.';

-- Words of products, brands and categories: what a misspelt word may have meant.
create table search.words (
  word text primary key,
  stem text not null,
  constraint word_is_folded check (word ~ '^[a-z0-9]{2,60}$')
);
create index words_by_stem on search.words (stem);
create index words_by_likeness on search.words using gin (word extensions.gin_trgm_ops);
create index words_by_beginning on search.words (word text_pattern_ops);
comment on table search.words is 'Words that products are named by.';

alter table search.documents enable row level security;
alter table search.words enable row level security;
revoke all on search.documents, search.words from public, anon, authenticated;
grant select, insert, update, delete on search.documents, search.words to service_role;
