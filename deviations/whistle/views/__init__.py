"""The channel's pages: for whoever blows the whistle, for the recipients, for the administrator's settings."""
