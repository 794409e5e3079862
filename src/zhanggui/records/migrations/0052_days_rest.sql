-- a day on which thousands of messages were written is read whole to be counted, and may be noted again with each of them: it rests for a while after it was
alter table measure_counts add column days_rest_until timestamptz;
