# No image has this.
