"""The courier's page: today's stops on a phone, opened by a signed link or by who has the role."""
