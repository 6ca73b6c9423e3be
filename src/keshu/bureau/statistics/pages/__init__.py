"""What the pages of figures and sources show, put together without a request."""
