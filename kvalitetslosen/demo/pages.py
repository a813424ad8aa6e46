"""What the demo world shows on the product's pages."""

from kvalitetslosen.demo.logins import accounts
from kvalitetslosen.ui.registry import register_demo_accounts

register_demo_accounts(accounts)
