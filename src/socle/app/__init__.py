"""The app: what makes one running house of the services. Home, gateway, pages about the installation, command line."""
