"""What every test shares: databases of its own, a browser, and a session that refuses skips nobody has allowed."""

pytest_plugins = ("tests.browser", "tests.databases", "tests.skips", "tests.archives")
