"""What every test shares: databases of its own, and a session that refuses skips nobody has allowed."""

pytest_plugins = ("tests.databases", "tests.skips")
