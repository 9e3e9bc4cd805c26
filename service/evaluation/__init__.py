"""The running bot against the blind holdout: is it safe, does it understand; the report and its floors."""
