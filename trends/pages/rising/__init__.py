"""The home page: skills that rise or fall, by any column and filter."""
