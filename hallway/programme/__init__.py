"""What is said, and when: talks and the schedules they are put in."""
