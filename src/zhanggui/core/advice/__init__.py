"""Advice on after-sales cases: every lawful answer, what each is expected to cost, and the cheapest first."""
