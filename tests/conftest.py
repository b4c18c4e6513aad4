"""What every test shares: databases of its own, a browser, and a session that refuses skips nobody has allowed."""

from hypothesis import settings

pytest_plugins = ("tests.browser", "tests.databases", "tests.skips", "tests.archives")

# A machine that is busy is no fault of what is tested.
settings.register_profile("tests", settings.default, deadline=None)
settings.load_profile("tests")
