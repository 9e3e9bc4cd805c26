"""The packages that ship: their known holes, their licences, a bill of them; and no secret is in the repository."""
