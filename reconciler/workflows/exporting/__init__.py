"""From live clusters to a document: which cluster is which, which link objects belong together, what is set on them."""
