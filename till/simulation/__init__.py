"""Random days at the counter with everything going wrong, judged by a second, independent set of books."""
