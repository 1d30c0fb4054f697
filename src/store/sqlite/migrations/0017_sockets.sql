-- How many sockets a process hears over; nothing of one that was there before it was asked.
ALTER TABLE listeners ADD COLUMN sockets INTEGER;
