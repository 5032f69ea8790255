-- Uses of tools that cost something have rows like those of models, with the tool in the place of the
-- model.
ALTER TABLE attempt ADD COLUMN tool text;      -- absent: it was a model
