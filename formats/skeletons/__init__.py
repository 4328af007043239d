"""Code skeletons made from an API: what a team begins with."""
