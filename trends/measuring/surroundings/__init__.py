"""What stands around a skill: its months, its neighbours, its sellers by country."""
