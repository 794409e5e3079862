"""Reviews: on which ground one may be reported and by which words, until when buyers may review, which answer fits, expert reviews, and pasted text."""
