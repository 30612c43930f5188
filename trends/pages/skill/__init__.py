"""The page of one skill: its story, charts, gates, neighbours, countries, badge."""
