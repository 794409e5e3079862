"""Products as reviews, returns and their own pages tell of them: raised, ranked by what they cost, compared with themselves."""
