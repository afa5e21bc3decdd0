-- No question is asked of all that was done with one product: jobs read days, profiles read subjects. An event costs one tree less.
drop index personalization.interactions_by_product;
