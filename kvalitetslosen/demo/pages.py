"""What the demo world shows on the product's pages."""

from kvalitetslosen.demo.logins import accounts, demo_codes
from kvalitetslosen.ui.registry import register_demo_accounts, register_demo_codes

register_demo_accounts(accounts)
register_demo_codes(demo_codes)
