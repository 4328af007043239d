"""The workspace as a whole: lists, trace, taken away and brought in again."""
