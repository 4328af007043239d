"""WHAT happened: tables, the ledger of turns, workspaces with their artifacts."""
