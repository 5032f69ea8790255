-- Reads both tables once, beside everything else that goes on.
ALTER TABLE event VALIDATE CONSTRAINT event_before;
ALTER TABLE blob VALIDATE CONSTRAINT blob_before;
