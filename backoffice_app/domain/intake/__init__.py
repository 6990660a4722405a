"""Orders from outside: the API's JSON, WooCommerce, Shopify, each turned into one checked `NewOrder` (API-1, API-2)."""
