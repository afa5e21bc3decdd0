-- Ratings are the shoppers' to give: a vendor's members change what they sell, not what is thought of it, nor whose it is.
revoke insert, update on public.products from authenticated;
grant insert (id, vendor_id, category_id, sku, name, description, brand, attributes, price, currency, unit, unit_size,
    season_months, stock, freshness_days, status, expires_at),
  update (vendor_id, category_id, sku, name, description, brand, attributes, price, currency, unit, unit_size,
    season_months, stock, freshness_days, status, expires_at)
  on public.products to authenticated;
