"""My skills, my account, and the mails about skills somebody watches."""
