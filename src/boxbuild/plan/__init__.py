"""What a plan is: quantities per bucket with cost, bound and gap; its orders, its ledger and its figures."""
