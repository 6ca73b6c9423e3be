"""The parts of an official document in Word form; `keshu.office.gbt9704` is the way in."""
