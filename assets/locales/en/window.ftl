# The window: what stands on buttons, beside lights and around a report.

window-title = Authlight
