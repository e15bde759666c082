"""Changes of rules: drafted, checked, previewed on real history, approved by a second person, in force from a day."""
