-- how often the platform's older door gave no answer to a refresh that the gateway does not offer; other failures count among the attempts alone
alter table connections add column door_tries integer not null default 0;
