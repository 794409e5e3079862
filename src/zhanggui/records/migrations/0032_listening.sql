-- Who merely brings messages sends no answers: a program listens where it has looked for answers lately.

alter table api_tokens add column looked_at timestamptz; -- noted every ten seconds at most
