// Whoever imports the library gets its words: names, IDs, JSON, errors.
@_exported public import AmphoraObjects
