"""The law: the policy as data, loaded strictly; the only place that answers "may we?"."""
