"""The payment screen: what is due, how it is paid, what goes back."""
