-- What a query means: its words as they are spelt here, and beside each what else it is searched as. Beginnings are ranges ('~' comes
-- after all letters), as a plan that is kept cannot make one of a `like` that it does not know.

-- The word of products on sale that was meant by a word nobody sells anything by. Null where none is near enough.
create function search.correct_word(p_word text) returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  v_most integer := case when length(p_word) < 4 then 0 when length(p_word) < 8 then 1 else 2 end;
  v_letters text[] := array(select l from regexp_split_to_table(p_word, '') l order by l);
  v_near text;
begin
  if v_most = 0 or p_word ~ '[0-9]' then
    return null;
  end if;
  for v_near in
    select near.word from (
      select w.word, extensions.levenshtein_less_equal(w.word, p_word, v_most + 1) as distance,
        array(select l from regexp_split_to_table(w.word, '') l order by l) = v_letters as is_swapped
      from search.words w
      -- Those who mistype rarely mistype the first letter.
      where w.word ~>=~ left(p_word, 1) and w.word ~<~ (left(p_word, 1) || '~') and length(w.word) between length(p_word) - v_most and length(p_word) + v_most
        and extensions.levenshtein_less_equal(w.word, p_word, v_most + 1) <= v_most + 1
      union
      select w.word, extensions.levenshtein_less_equal(w.word, p_word, v_most + 1), false
      from search.words w where w.word operator(extensions.%) p_word
    ) near
    where near.distance <= v_most or (near.is_swapped and near.distance = 2)
    order by near.distance - near.is_swapped::integer, extensions.similarity(near.word, p_word) desc, near.word
    limit 5
  loop
    -- A word whose products went off sale is no longer anything to be meant.
    if exists (select 1 from search.documents d
      where d.is_on_sale and d.words operator(pg_catalog.@@) plainto_tsquery('pg_catalog.english', v_near)) then
      return v_near;
    end if;
  end loop;
  return null;
end;
$$;
revoke execute on function search.correct_word(text) from public;
grant execute on function search.correct_word(text) to service_role;
comment on function search.correct_word(text) is 'The word that a misspelt one was meant to be.';

-- What to search for, a condition a word or term. `corrected`: null where nothing was spelt wrong.
create function search.read_query(p_query text, p_vendor uuid, out conditions tsquery[], out corrected text)
language plpgsql
stable
set search_path = ''
as $$
declare
  v_words text[] := (string_to_array(search.fold(p_query), ' '))[1:12];
  v_count integer := cardinality(v_words);
  v_place integer := 1;
  v_taken integer;
  v_word text;
  v_meant text;
  v_condition tsquery;
  v_corrections integer := 0;
  v_synonyms record;
begin
  conditions := '{}';
  for v_place in 1 .. v_count loop
    v_word := v_words[v_place];
    continue when exists (select 1 from search.words w where w.word = v_word)
      or numnode(plainto_tsquery('pg_catalog.english', v_word)) = 0
      or exists (select 1 from search.words w where w.stem = (ts_lexize('pg_catalog.english_stem', v_word))[1])
      or exists (select 1 from search.synonyms s where (s.vendor_id is null or s.vendor_id = p_vendor)
        and ' ' || s.term || ' ' like '% ' || v_word || ' %');
    -- The last word may be on its way.
    continue when v_place = v_count and length(v_word) >= 2
      and exists (select 1 from search.words w where w.word ~>=~ v_word and w.word ~<~ (v_word || '~'));
    -- Each costs a look through the vocabulary.
    exit when v_corrections = 4;
    v_corrections := v_corrections + 1;
    v_meant := search.correct_word(v_word);
    if v_meant is not null then
      v_words[v_place] := v_meant;
      corrected := '';
    end if;
  end loop;
  if corrected is not null then
    corrected := array_to_string(v_words, ' ');
  end if;

  v_place := 1;
  while v_place <= v_count loop
    v_condition := null;
    v_taken := 1;
    for v_length in reverse least(4, v_count - v_place + 1) .. 1 loop
      v_word := array_to_string(v_words[v_place : v_place + v_length - 1], ' ');
      for v_synonyms in
        select s.meanings from search.synonyms s
        where s.term = v_word and (s.vendor_id is null or s.vendor_id = p_vendor) order by s.vendor_id nulls last
      loop
        v_condition := coalesce(v_condition, phraseto_tsquery('pg_catalog.english', v_word));
        select v_condition || coalesce(tsquery_any, ''::tsquery) into v_condition from (
          select string_agg('(' || phraseto_tsquery('pg_catalog.english', meaning)::text || ')', ' | ')::tsquery as tsquery_any
          from unnest(v_synonyms.meanings) meaning
          where numnode(phraseto_tsquery('pg_catalog.english', meaning)) > 0) said;
      end loop;
      v_taken := v_length;
      exit when v_condition is not null;
    end loop;
    if v_condition is null then
      v_word := v_words[v_place];
      v_condition := plainto_tsquery('pg_catalog.english', v_word);
      if v_place = v_count and length(v_word) >= 2 and numnode(v_condition) > 0
        and not exists (select 1 from search.words w where w.word = v_word) then
        v_condition := v_condition || (v_word || ':*')::tsquery;
      end if;
    end if;
    if numnode(v_condition) > 0 then
      conditions := conditions || v_condition;
    end if;
    v_place := v_place + v_taken;
  end loop;
end;
$$;
revoke execute on function search.read_query(text, uuid) from public;
grant execute on function search.read_query(text, uuid) to service_role;
comment on function search.read_query(text, uuid) is 'What a query asks for, a condition a word.';
