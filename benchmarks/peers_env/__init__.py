"""What runs in the peers' own environment: LangChain, LlamaIndex and Haystack as their tutorials set them up."""
