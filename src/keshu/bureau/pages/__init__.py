"""What the views of every app share: paging by key, charts, downloads. No models; imports nothing of the bureau."""
