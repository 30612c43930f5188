"""What other sites show of ours: picture cards, the site map, robots.txt."""
