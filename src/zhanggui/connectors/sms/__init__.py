"""A provider of texts to telephones: 阿里云短信, by its documented interface."""
