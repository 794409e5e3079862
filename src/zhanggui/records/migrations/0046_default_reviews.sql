-- Reviews that the platform wrote because the buyer wrote none, known by its words alone: from now on they are marked when they come in; here those that
-- came before, as they stand and as they were told. The words are those known on the day of this step.

update reviews set facts = (facts::jsonb || '{"is_default": true}')::json
where coalesce(facts ->> 'is_default', '') = ''
    and regexp_replace(facts ->> 'text', '[[:space:]，,。．.！!；;：:、~～_…（）()“”"-]+', '', 'g') in (
        '系统默认好评', '系统默认评价', '评价方未及时做出评价系统默认好评', '用户未及时评价系统默认好评', '该用户未及时评价系统默认好评'
    );

update sightings set facts = (facts::jsonb || '{"is_default": true}')::json
where kind = 'review' and coalesce(facts ->> 'is_default', '') = ''
    and regexp_replace(facts ->> 'text', '[[:space:]，,。．.！!；;：:、~～_…（）()“”"-]+', '', 'g') in (
        '系统默认好评', '系统默认评价', '评价方未及时做出评价系统默认好评', '用户未及时评价系统默认好评', '该用户未及时评价系统默认好评'
    );
