"""What it means: daily demand, six-month trends, earnings, the API and the pages."""
