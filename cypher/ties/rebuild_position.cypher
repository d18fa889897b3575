// One row: the last person whose ties an unfinished rebuild brought up to date.
MATCH (rebuild:Rebuild {name: 'ties'})
RETURN rebuild.after_id AS after_id,
       rebuild.done AS done
