"""What a screen shows, as HTML made of records: pure functions, every text escaped by `markup.tag`."""
