"""Settings: the shop's name, promised hours, service hours, links to the platform, language."""
