"""Alerts: who wants to be told of what, when, and that it arrives once.

    article's transaction: rules that match → matches → deliveries due at a time
    deliveries: due → decide (now, later, digest) → wait for the turn → "sending" → Telegram → "sent"
"""
